# flamingo as an image: Node and this package, nothing else. It needs no network to build.
#
#   npm pack @flux-subsystem-argo/flamingo && tar -xf flux-subsystem-argo-flamingo-*.tgz
#   docker build -t registry.example.com/flamingo:VERSION package
#
# Another base, with a Node of 20.19 or newer on its PATH: --build-arg BASE=docker.io/library/node:24-slim
ARG BASE=gcr.io/distroless/nodejs24-debian12:nonroot
FROM ${BASE}

LABEL org.opencontainers.image.title="flamingo" \
      org.opencontainers.image.source="https://github.com/flux-subsystem-argo/flamingo" \
      org.opencontainers.image.licenses="Apache-2.0"

# where distroless images have Node
ENV PATH=/nodejs/bin:$PATH
COPY . /flamingo
USER 65532:65532
ENTRYPOINT ["node", "/flamingo/bin/flamingo.cjs"]
