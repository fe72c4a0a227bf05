// Compares repositories as Argo CD does, for ../../argo/repositories.test.ts.
module flamingo.test/url

go 1.26.0
