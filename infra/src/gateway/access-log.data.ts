/**
 * What the line of a request has in a REST API's access log, by variables of API Gateway. No path, which names the model and
 * may be anything that a caller writes, no query, no header, no body and no message of an error, which may quote one.
 */
export const accessLogFields = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  timeMs: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  protocol: '$context.protocol',
  status: '$context.status',
  integrationStatus: '$context.integration.status',
  errorType: '$context.error.responseType',
  firewall: '$context.wafResponseCode',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  source: '$context.identity.sourceIp',
  endpoint: '$context.identity.vpceId',
  caller: '$context.identity.userArn',
} as const;
