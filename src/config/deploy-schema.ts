import { z } from 'zod';
import { account } from './aws-schema.ts';
import { alarms } from './deploy/alarms-schema.ts';
import { baseline, bootstrap, guardrails, invocationLogging, organization } from './deploy/baseline-schema.ts';
import { lambda } from './deploy/function-schema.ts';
import { network } from './deploy/network-schema.ts';
import { keys, record, vault } from './deploy/record-schema.ts';
import { service } from './deploy/service-schema.ts';
import { tenants, vectors } from './deploy/tenants-schema.ts';
import { workflow } from './deploy/workflow-schema.ts';

const TAG = /^[A-Za-z0-9 _.:/=+@-]{1,256}$/;

/** What is made in AWS of this configuration, and where. */
export const deploy = z.strictObject({
  account: account.optional().describe('The account it is made in. Default: whichever the credentials are of.'),
  tags: z
    .record(z.string().regex(TAG), z.string().regex(TAG))
    .default({})
    .describe('On everything that takes tags, beside `sallyport:environment`.'),
  network: network.prefault({}),
  service: service.optional().describe('The container, for the whole surface. Default: none.'),
  function: lambda.optional().describe('The function, over HTTP/1.1. Default: none.'),
  codeSigning: z
    .boolean()
    .default(false)
    .describe('Whether functions take code and configuration that a profile of ours has signed, and no other.'),
  keys: keys.prefault({}).describe('Keys by class of data.'),
  record: record.prefault({}).describe("The record's bucket and tables, and who gets at them."),
  tenants: tenants.prefault({}).describe("The roles that tenants' calls are made under."),
  alarms: alarms.prefault({}).describe('What people are woken by, through the topic of alarms.'),
  workflow: workflow.prefault({}).describe('What the passage in steps runs on, where there is a `workflow`.'),
  vectors: vectors.optional().describe('Vector collections in OpenSearch Serverless. Default: none.'),
  guardrails: guardrails.default([]).describe('Guardrails of Bedrock, made of files.'),
  invocationLogging: invocationLogging.optional().describe("Bedrock's own log of model calls. Default: none."),
  baseline: baseline.optional().describe('What an account has once in a Region. Default: nothing is touched.'),
  bootstrap: bootstrap.optional().describe("Roles of our own for deploying. Default: those of the CDK's bootstrap."),
  organization: organization.optional().describe('Policies of the organization. Default: none.'),
  vault: vault
    .optional()
    .describe('The account that keeps checkpoints of the log, in the bucket of the first sink of `s3`.'),
});
