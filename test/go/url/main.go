// Writes addresses of repositories as Argo CD compares them.
package main

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"strings"
)

var sshURL = regexp.MustCompile("^(ssh://)?([^/:]*?)@[^@]+$")

// As NormalizeGitURL in util/git/git.go of Argo CD 3.6.
func normalize(repo string) string {
	repo = strings.ToLower(strings.TrimSpace(repo))
	if sshURL.MatchString(repo) && !strings.HasPrefix(repo, "ssh://") {
		repo = "ssh://" + strings.Replace(repo, ":", "/", 1)
	}
	parsed, err := url.Parse(strings.TrimSuffix(repo, ".git"))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(parsed.String(), "ssh://")
}

// Reads a list of addresses and prints one.
func main() {
	var addresses []string
	if err := json.NewDecoder(os.Stdin).Decode(&addresses); err != nil {
		panic(err)
	}
	for i, address := range addresses {
		addresses[i] = normalize(address)
	}
	if err := json.NewEncoder(os.Stdout).Encode(addresses); err != nil {
		panic(err)
	}
}
