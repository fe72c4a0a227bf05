// Substitutes variables as kustomize-controller does, by its library: {"values": {}, "texts": []} on stdin, for each text {"text"} or
// {"error"} on stdout. A variable without a value is empty.
package main

import (
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/envsubst"
)

type answer struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
}

func main() {
	var asked struct {
		Values map[string]string `json:"values"`
		Texts  []string          `json:"texts"`
	}
	check(json.NewDecoder(os.Stdin).Decode(&asked))
	answers := []answer{}
	for _, text := range asked.Texts {
		put, err := envsubst.Eval(text, func(name string) (string, bool) {
			value := asked.Values[name]
			return value, true
		})
		if err != nil {
			answers = append(answers, answer{Error: err.Error()})
			continue
		}
		answers = append(answers, answer{Text: put})
	}
	check(json.NewEncoder(os.Stdout).Encode(answers))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
