/** The image's recipe. Nothing is installed or compiled in it: the tree beside it is what was tested. */
export const dockerfile = `# Build with: docker build --platform linux/amd64 -t sallyport dist/container
# (linux/arm64 for a context made with --arch arm64). Pin the base by digest in your pipeline:
#   --build-arg BASE=public.ecr.aws/docker/library/node@sha256:...
ARG BASE=public.ecr.aws/docker/library/node:24.21.0-bookworm-slim
FROM \${BASE}
WORKDIR /opt/sallyport
COPY --chown=0:0 tree/ ./
# The configuration, where one was packed: then one digest stands for code, configuration and policies. Else mount one at
# /etc/sallyport/sallyport.yaml. Nothing is ever written: run it with a read-only root, and a volume for \`data\` where
# state is embedded.
COPY --chown=0:0 etc/ /etc/sallyport/
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
  CMD ["node", "/opt/sallyport/healthcheck.mjs"]
ENTRYPOINT ["node", "/opt/sallyport/dist/cli/main.js", "start"]
CMD ["--config", "/etc/sallyport/sallyport.yaml"]
`;

export const dockerignore = `*
!tree
!etc
`;

/** Asks the gateway whether it can serve. Slim images have no curl; a certificate for another name is no matter here. */
export const healthcheck = `import { request } from 'node:http';
import { request as requestTls } from 'node:https';

const url = new URL(process.env.SALLYPORT_READY_URL ?? 'http://127.0.0.1:8080/readyz');
const send = url.protocol === 'https:' ? requestTls : request;
const sending = send(url, { timeout: 2_500, rejectUnauthorized: false }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
sending.on('timeout', () => sending.destroy());
sending.on('error', () => process.exit(1));
sending.end();
`;
