// Of LangChain's chat models, whichever protocol they speak.
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';

const sendMail = tool(() => '', { name: 'send_mail', schema: { type: 'object', properties: {} } });

/** `connect` takes `model`, `wrongKey` and `retries`; `toEnd` finds the reason of the stop and the id in an answer. */
export function methodsOf(connect, toEnd) {
  const toAnswer = (message) => ({ text: message.text, ...toEnd(message) });

  async function whole({ prompt, ...options }) {
    return toAnswer(await connect(options).invoke(prompt));
  }

  async function streamed({ prompt, ...options }) {
    let all;
    for await (const chunk of await connect(options).stream(prompt)) all = all?.concat(chunk) ?? chunk;
    return toAnswer(all);
  }

  async function useTool({ prompt, result }) {
    const model = connect({}).bindTools([sendMail]);
    const asked = new HumanMessage(prompt);
    const answer = await model.invoke([asked]);
    const [{ id, name, args: input }] = answer.tool_calls;
    const done = new ToolMessage({ tool_call_id: id, content: result });
    const final = toAnswer(await model.invoke([asked, answer, done]));
    return { name, input, stop: toAnswer(answer).stop, final };
  }

  return { whole, streamed, useTool };
}
