# The hub as an image: `docker build -t fanwire .`; docs/deployment.md says how to run it.
ARG NODE=node:24-slim

FROM $NODE AS build
WORKDIR /build
# Packages are installed again only when these change.
COPY package.json package-lock.json ./
COPY src/console/web/package.json src/console/web/
COPY engines/webtransport/package.json engines/webtransport/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# From here on what the hub runs with: its own dependencies, the drivers of all logs and what gRPC takes, as the lock file has them.
RUN for name in lmdb @redis/client @nats-io/transport-node @nats-io/jetstream @connectrpc/connect @bufbuild/protobuf; do \
      npm pkg set --json "dependencies[$name]=$(npm pkg get "devDependencies[$name]")"; \
    done \
    && npm pkg delete devDependencies workspaces \
    && npm install --omit=dev --ignore-scripts

FROM $NODE
WORKDIR /fanwire
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
# A volume that is mounted here is made with this owner.
RUN install -d -o node -g node /var/lib/fanwire
ENV NODE_ENV=production FANWIRE_HOST=0.0.0.0
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["node", "dist/cli/main.js", "health"]
# Node is the first process itself, so that it gets the SIGTERM of `docker stop`: clients are sent away, then it ends.
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
