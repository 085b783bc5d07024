import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { Refusal } from './refusal.ts';

/**
 * What was there before a custom resource changed it, kept in a parameter of Systems Manager until it is put back.
 *
 * Written before the change, and never over an earlier one: a second `remember`, after the first run was cut off
 * half-way, would otherwise take our own change for what was there before.
 */
export interface Memory<Value> {
  recall(): Promise<Value | undefined>;
  /** Keeps a value where there is none, and gives what is kept now. Durable once it resolves. */
  remember(value: Value): Promise<Value>;
  replace(value: Value): Promise<void>;
  forget(): Promise<void>;
}

/** Of a standard parameter. */
const LARGEST_BYTES = 4_096;

export function createMemory<Value>(client: SSMClient, name: string): Memory<Value> {
  async function recall(): Promise<Value | undefined> {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      return Parameter?.Value === undefined ? undefined : JSON.parse(Parameter.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }

  async function put(value: Value, Overwrite: boolean): Promise<void> {
    const Value = JSON.stringify(value);
    if (Buffer.byteLength(Value) > LARGEST_BYTES) throw new Refusal('what is there is too large to be put back later');
    await client.send(new PutParameterCommand({ Name: name, Value, Type: 'String', Overwrite }));
  }

  return {
    recall,
    async remember(value) {
      try {
        await put(value, false);
        return value;
      } catch (error) {
        if (!(error instanceof ParameterAlreadyExists)) throw error;
        return (await recall()) ?? value;
      }
    },
    replace: (value) => put(value, true),
    async forget() {
      try {
        await client.send(new DeleteParameterCommand({ Name: name }));
      } catch (error) {
        if (!(error instanceof ParameterNotFound)) throw error;
      }
    },
  };
}
