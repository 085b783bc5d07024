// Of the AI SDK, whichever provider gives the model.
import { generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';

const ID = 'x-sallyport-request-id';

const toAnswer = ({ text, finishReason: stop, response }) => ({ text, stop, requestId: response.headers[ID] });

/** `modelOf` takes the id and `wrongKey`, and gives the documented provider's model without. */
export function methodsOf(modelOf) {
  const toOptions = ({ prompt, model, wrongKey, retries: maxRetries = 2 }) => ({
    model: modelOf({ id: model ?? 'amazon.nova-lite-v1:0', wrongKey }),
    prompt,
    maxRetries,
  });

  async function whole(params) {
    return toAnswer(await generateText(toOptions(params)));
  }

  async function streamed(params) {
    let failure;
    const onError = ({ error }) => {
      failure = error;
    };
    const result = streamText({ ...toOptions(params), onError });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    if (failure !== undefined) throw failure;
    return toAnswer({ text, finishReason: await result.finishReason, response: await result.response });
  }

  async function useTool({ prompt, result }) {
    let input;
    const execute = (given) => {
      input = given;
      return result;
    };
    const tools = { send_mail: tool({ inputSchema: jsonSchema({ type: 'object' }), execute }) };
    const final = await generateText({ ...toOptions({ prompt }), tools, stopWhen: isStepCount(2) });
    const [{ toolCalls, finishReason: stop }] = final.steps;
    return { name: toolCalls[0].toolName, input, stop, final: toAnswer(final) };
  }

  return { whole, streamed, useTool };
}

/** What it says once its own retries are over stands in the last error of many. */
export function describe(error) {
  const { statusCode: status, responseHeaders } = error.lastError ?? error;
  return { status, requestId: responseHeaders?.[ID] };
}
