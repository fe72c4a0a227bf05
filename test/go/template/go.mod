// Fills in templates by Go, for ../../flux/resource-set/template.test.ts.
module flamingo.test/template

go 1.26.0

require github.com/go-task/slim-sprig/v3 v3.0.0
