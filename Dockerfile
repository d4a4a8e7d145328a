# Two stages: the first compiles, the second has what runs. docs/operations.md tells how to use the image.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.js scripts/
COPY src src
RUN npm run build

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --omit=dev && npm cache clean --force
COPY bin bin
COPY data data
COPY --from=build /app/dist dist
RUN ln -s /app/bin/wheelgate.js /usr/local/bin/wheelgate \
  && mkdir -p /data /etc/wheelgate \
  && chown node:node /data
USER node
# wheelgate.toml and policy.toml are read from here when they are mounted.
WORKDIR /etc/wheelgate
ENV WHEELGATE_HOST=0.0.0.0 WHEELGATE_PORT=8080 WHEELGATE_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WHEELGATE_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["wheelgate"]
CMD ["serve"]
