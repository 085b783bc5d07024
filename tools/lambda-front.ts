import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { type DoorOptions, type FunctionStream, type LambdaDoor, startLambdaDoor } from './lambda-door.ts';
import type { LambdaEmulator, StreamingEmulator } from './lambda-emulator.ts';

/**
 * A REST API before a function in AWS's emulator. The emulator gathers what the function streams, so that a client gets
 * it in one piece, with the same bytes.
 */
export function startFront({ invoke }: Pick<LambdaEmulator, 'invoke'>): Promise<LambdaDoor> {
  return startLambdaDoor({
    kind: 'rest',
    async streams(event, stream) {
      const { payload } = await invoke(event);
      begin(stream);
      stream.end(payload);
      await once(stream, 'finish');
    },
  } satisfies DoorOptions);
}

/** The same before a function under AWS's runtime client alone, whose answers come as they are written. */
export function startStreamingFront({ invoke }: Pick<StreamingEmulator, 'invoke'>): Promise<LambdaDoor> {
  return startLambdaDoor({
    kind: 'rest',
    async streams(event, stream) {
      const invocation = await invoke(event);
      begin(stream);
      await pipeline(invocation.chunks, stream);
      const failure = invocation.failure();
      if (failure !== undefined) throw new Error(failure.body);
    },
  } satisfies DoorOptions);
}

function begin(stream: FunctionStream): void {
  stream.setContentType('application/vnd.awslambda.http-integration-response');
}
