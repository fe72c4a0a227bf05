// Packs a tree as source-controller does and builds a path of it as kustomize-controller does, by the libraries that they do it
// with, up to the substitution.
package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/sourceignore"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// flux-build TREE PATH IGNORE < KUSTOMIZATION prints what is built. What is not packed is removed from the tree.
func main() {
	objects, err := build(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(objects)
}

func build(tree, path, ignore string) ([]byte, error) {
	var kustomization unstructured.Unstructured
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(text, &kustomization.Object); err != nil {
		return nil, err
	}
	if tree, err = filepath.EvalSymlinks(tree); err != nil {
		return nil, err
	}
	if err := pack(tree, ignore); err != nil {
		return nil, err
	}
	// as SecureJoin does: no way leads above the tree
	dir := filepath.Join(tree, filepath.Join("/", path))
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	if _, err := kustomize.NewGenerator(tree, kustomization).WriteFile(dir); err != nil {
		return nil, err
	}
	built, err := kustomize.SecureBuild(tree, dir, false)
	if err != nil {
		return nil, err
	}
	return built.AsYaml()
}

// As the filter of source-controller's Storage.Archive (fluxcd/pkg/artifact) has it.
func pack(tree, ignore string) error {
	domain := strings.Split(tree, string(filepath.Separator))
	patterns, err := sourceignore.LoadIgnorePatterns(tree, domain)
	if err != nil {
		return err
	}
	patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(ignore), domain)...)
	matcher := sourceignore.NewDefaultMatcher(nil, domain)
	if len(patterns) > 0 {
		matcher = sourceignore.NewMatcher(append(sourceignore.VCSPatterns(domain), patterns...))
	}
	return filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() || matcher.Match(strings.Split(path, string(filepath.Separator)), false) {
			return os.Remove(path)
		}
		return nil
	})
}
