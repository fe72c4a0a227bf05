// Fills in templates by Go's text/template and slim-sprig, which the Flux Operator's documentation names as its engine.
package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"

	sprig "github.com/go-task/slim-sprig/v3"
)

// Reads {"inputs": {}, "templates": []} and prints a list of {"text"} or {"error"}.
func main() {
	var asked struct {
		Inputs    map[string]any `json:"inputs"`
		Templates []string       `json:"templates"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	filled := []map[string]string{}
	for _, text := range asked.Templates {
		functions := sprig.HermeticTxtFuncMap()
		functions["inputs"] = func() map[string]any { return asked.Inputs }
		parsed, err := template.New("").Delims("<<", ">>").Funcs(functions).Option("missingkey=error").Parse(text)
		var made strings.Builder
		if err == nil {
			err = parsed.Execute(&made, nil)
		}
		if err != nil {
			filled = append(filled, map[string]string{"error": err.Error()})
			continue
		}
		filled = append(filled, map[string]string{"text": made.String()})
	}
	if err := json.NewEncoder(os.Stdout).Encode(filled); err != nil {
		panic(err)
	}
}
