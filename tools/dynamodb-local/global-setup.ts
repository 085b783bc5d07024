import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { serveLocally } from '../local-server.ts';
import { type DynamoDBLocal, findDynamoDBLocal, startDynamoDBLocal } from './dynamodb-local.ts';

/**
 * One DynamoDB Local for all tests of a project: started for the first that asks where it is, stopped after the last. A
 * run in which none asks starts none.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<DynamoDBLocal> | undefined;
  const door = createServer(async (_request, response) => {
    try {
      started ??= start();
      response.end((await started).endpoint);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const { url, close } = await serveLocally(door);
  project.provide('dynamoDBLocal', url);
  return async () => {
    await close();
    await (await started?.catch(() => undefined))?.stop();
  };
}

async function start(): Promise<DynamoDBLocal> {
  const place = await findDynamoDBLocal();
  if ('reason' in place) throw new Error(place.reason);
  return startDynamoDBLocal(place);
}
