// Substitutes variables by the library of kustomize-controller, for ../../follow/substitute/like-flux.test.ts.
module flamingo.test/envsubst

go 1.26.0

require github.com/fluxcd/pkg/envsubst v1.7.1
