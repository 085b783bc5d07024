import type { Acknowledgement } from './acknowledgement.ts';
import { agreed, HEALTH_AND_FEDERAL, inPacks, THREE } from './standing.ts';

const FILE = 'infra/src/gateway/gateway-function.test.ts';
const FUNCTIONS = { function: ['Function042596DC', 'FunctionIamFunction5E36409D'] };
const STAGES = { function: ['ApiStageB35FBB6B', 'ApiIamStageE08DE965'] };
const FIREWALL = { function: ['FirewallAclD0B8A356'] };
const PERMITTED = { file: FILE, name: 'alone may invoke the function, in its stage' };

/** The front door as a function behind REST APIs. */
export const doorAcknowledgements: readonly Acknowledgement[] = [
  ...agreed({
    said: { 'cdk-nag': ['AwsSolutions-APIG2'] },
    on: { function: ['ApiF1A3B7F9', 'ApiIamApi7355BF7D'] },
    reason:
      'The gateway validates every request by its protocol. A model of API Gateway knows JSON alone, and no bytes.',
    test: { file: 'test/security/hostile-json.test.ts', name: 'is refused, and not repeated, where it %s' },
  }),
  ...agreed({
    said: { 'cdk-nag': ['AwsSolutions-APIG4'], checkov: ['CKV_AWS_59'] },
    on: { function: ['ApiRootD06D2239', 'ApiProxyF8482223'] },
    reason: 'The gateway authenticates, by credentials that API Gateway does not know; the API is private beside that.',
    test: {
      file: FILE,
      name: 'leaves it to the gateway who calls, or to IAM where it is told to, of the roles that are named',
    },
  }),
  ...agreed({
    said: { 'cdk-nag': ['AwsSolutions-COG4'] },
    on: { function: ['ApiRootD06D2239', 'ApiProxyF8482223', 'ApiIamRoot9EDAE409', 'ApiIamProxy70AA736E'] },
    reason: 'Callers are applications, known by the gateway or by IAM, and no users of a pool.',
    test: {
      file: FILE,
      name: 'leaves it to the gateway who calls, or to IAM where it is told to, of the roles that are named',
    },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('APIGWCacheEnabledAndEncrypted', THREE), checkov: ['CKV_AWS_120'] },
    on: STAGES,
    reason: "A cache would keep answers of models, beside the record and for whoever asks next; each is its caller's.",
    test: { file: FILE, name: 'keeps no answer, and tells no other service of a request' },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('APIGWSSLEnabled', THREE) },
    on: STAGES,
    reason:
      'A certificate of the API is shown to backends by HTTP. Behind it is a function, which the API alone invokes.',
    test: PERMITTED,
  }),
  ...agreed({
    said: {
      'cdk-nag': ['HIPAA.Security-APIGWXrayEnabled'],
      checkov: ['CKV_AWS_73'],
      'control-tower': ['CT.APIGATEWAY.PR.2'],
    },
    on: STAGES,
    reason: 'X-Ray would be one more place with paths of requests. They are followed by their ids, in log and record.',
    test: { file: FILE, name: 'keeps no answer, and tells no other service of a request' },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('WAFv2LoggingEnabled', THREE) },
    on: FIREWALL,
    reason:
      'Its log has headers and paths of requests. What it refuses is counted, and the access log of the API has the rest.',
    test: { file: FILE, name: 'keeps no sample of a request, of none of its rules, and no log' },
  }),
  ...agreed({
    said: { checkov: ['CKV_AWS_192'] },
    on: FIREWALL,
    reason:
      'There is no Java behind it. Prompts may say what an attack on others says, so that WAF looks into no body.',
    test: {
      file: FILE,
      name: 'refuses too many of one address and what is too long, and looks into no body and no header',
    },
  }),
  ...agreed({
    said: { 'cdk-nag': inPacks('LambdaDLQ', HEALTH_AND_FEDERAL), checkov: ['CKV_AWS_116'] },
    on: FUNCTIONS,
    reason: 'A request is answered while its caller waits: one that fails is told so, and no event is left.',
    test: PERMITTED,
  }),
  ...agreed({
    said: { 'control-tower': ['CT.LAMBDA.PR.2'] },
    on: { function: ['ApiInvoked62A347ED', 'ApiIamInvoked642EE9B8'] },
    reason: 'It names account and stage, in a function of CloudFormation that the control does not read.',
    test: PERMITTED,
  }),
  ...agreed({
    said: { 'control-tower': ['CT.LAMBDA.PR.3'] },
    on: FUNCTIONS,
    reason: 'It is in the network: its subnets are a parameter that another stack publishes.',
    test: {
      file: 'infra/src/app/function-stack.test.ts',
      name: 'is in the network, under its keys, with the role that is there before it',
    },
  }),
  ...agreed({
    said: { 'control-tower': ['CT.CLOUDWATCH.PR.3'] },
    on: {
      function: [
        'ApiAccessLogCB65B6C9',
        'ApiExecutionLog5C6AECBD',
        'ApiIamAccessLog30AAEDCC',
        'ApiIamExecutionLogB88AE4CD',
      ],
    },
    reason: 'The key is a parameter that another stack publishes.',
    test: {
      file: FILE,
      name: 'logs no content: no traces of data, and of a request what is not the caller’s to write',
    },
  }),
  ...agreed({
    said: { 'control-tower': ['CT.CLOUDWATCH.PR.3'] },
    on: { function: ['FunctionLog9A9040AB', 'FunctionIamLogD20ACA4A'] },
    reason: 'The key is a parameter that another stack publishes.',
    test: {
      file: 'infra/src/app/function-stack.test.ts',
      name: 'is in the network, under its keys, with the role that is there before it',
    },
  }),
];
