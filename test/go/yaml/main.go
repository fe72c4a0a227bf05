// What kubectl and kustomize read in YAML: texts as a JSON array on stdin, for each {"kubectl": …, "kustomize": …} on stdout, the
// first document as JSON, or null where it is refused.
package main

import (
	"encoding/json"
	"os"

	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

type answer struct {
	Kubectl   json.RawMessage `json:"kubectl"`
	Kustomize json.RawMessage `json:"kustomize"`
}

func main() {
	var texts []string
	check(json.NewDecoder(os.Stdin).Decode(&texts))
	answers := []answer{}
	for _, text := range texts {
		kubectl, _ := yaml.YAMLToJSON([]byte(text))
		answers = append(answers, answer{Kubectl: kubectl, Kustomize: byKustomize(text)})
	}
	check(json.NewEncoder(os.Stdout).Encode(answers))
}

func byKustomize(text string) json.RawMessage {
	node, err := kyaml.Parse(text)
	if err != nil {
		return nil
	}
	data, _ := node.MarshalJSON()
	return data
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
