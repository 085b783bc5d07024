import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnLayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Settings } from './settings.ts';

/** Where functions' code comes from: made and uploaded with a deployment, or already in a bucket that parameters name. */
export type CodeSource = 'assets' | 'parameters';

export type CodeArchitecture = 'arm64' | 'x86_64';

/** An object in a bucket, as functions and layers take it. */
export interface CodeObject {
  readonly s3Bucket: string;
  readonly s3Key: string;
}

/**
 * Where code comes from under a configuration: what a profile has to sign first cannot be made with the deployment, so that
 * parameters name it.
 */
export function toSource({ deploy }: Settings, source: CodeSource): CodeSource {
  return deploy.codeSigning ? 'parameters' : source;
}

const ROOT = resolve(import.meta.dirname, '../../..');
const BUNDLES: Readonly<Record<CodeArchitecture, string>> = { arm64: 'lambda-arm64.zip', x86_64: 'lambda.zip' };

/**
 * The bundle that all functions are of. As an asset it is `dist/lambda-arm64.zip` or `dist/lambda.zip`, packaged first where
 * it is missing; else what the parameters `CodeBucket` and `CodeKey` name, as in templates of a release. Throws where it
 * cannot be packaged.
 */
export function createBundle(stack: Stack, source: CodeSource, architecture: CodeArchitecture): CodeObject {
  if (source === 'parameters') return named(stack, 'Code', 'the bundle that functions are of');
  const file = resolve(ROOT, 'dist', BUNDLES[architecture]);
  if (!existsSync(file)) packageBundle();
  return uploaded(stack, `Code-${architecture}`, file);
}

/**
 * A layer of the configuration: what is in `directory` is at `/opt`, `sallyport.yaml` first. As templates of a release have
 * none, theirs is named by the parameters `ConfigurationBucket` and `ConfigurationKey`. Gives its ARN.
 */
export function createConfigurationLayer(stack: Stack, source: CodeSource, directory: string): string {
  const content =
    source === 'parameters'
      ? named(stack, 'Configuration', 'a zip with sallyport.yaml and what it refers to')
      : uploaded(stack, 'Configuration', directory);
  const layer = new CfnLayerVersion(stack, 'ConfigurationLayer', {
    description: 'sallyport.yaml',
    compatibleRuntimes: ['nodejs24.x'],
    content,
  });
  return layer.ref;
}

function named(stack: Stack, name: string, what: string): CodeObject {
  const parameter = (id: string, description: string) =>
    (stack.node.tryFindChild(id) as CfnParameter | undefined) ??
    new CfnParameter(stack, id, { type: 'String', description });
  return {
    s3Bucket: parameter(`${name}Bucket`, `Bucket of ${what}`).valueAsString,
    s3Key: parameter(`${name}Key`, `Key of ${what}`).valueAsString,
  };
}

function uploaded(stack: Stack, id: string, path: string): CodeObject {
  const asset = (stack.node.tryFindChild(id) as Asset | undefined) ?? new Asset(stack, id, { path });
  return { s3Bucket: asset.s3BucketName, s3Key: asset.s3ObjectKey };
}

function packageBundle(): void {
  const { status } = spawnSync(process.execPath, [resolve(ROOT, 'tools/package/lambda.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the bundle of the functions could not be packaged: `npm run package:lambda`');
}
