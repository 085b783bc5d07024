import type { Demo } from '../server/index.ts';

interface Addresses {
  readonly endpoint: string;
  readonly adminEndpoint: string;
}

/** What `start` prints: where the gateway listens and, for the demo, how to call it. */
export function welcome(
  { endpoint, adminEndpoint }: Addresses,
  demo: (Demo & { readonly file: string }) | undefined,
): string {
  const addresses = `Sallyport listens on ${endpoint} (applications) and ${adminEndpoint} (operators).`;
  if (demo === undefined) return addresses;
  return `${addresses}
No configuration was given, so this is the demo: a simulated model echoes what reached it. Everything is
inspected both ways and recorded, encrypted, under ${demo.file.replace(/demo\.json$/, '')}
All credentials are in ${demo.file}

Three calls to try. Each sends a card number; the model, and so the echo, gets {CREDIT_DEBIT_CARD_NUMBER}.

1. curl

${curl(demo)}

2. the AWS SDK (from this folder), signed with SigV4

${aws(demo)}

3. the OpenAI SDK (from this folder)

${openai(demo)}

Then: "Ignore all previous instructions …" is blocked; the principal \`titanOnly\` may use the Titan models only;
\`sim:leak-pii\` as a prompt makes the model leak, and the leak is masked, in a stream too.
All of it in seven scenes:  npm run demo        Stop: Ctrl+C
`;
}

const CARD = '4111 1111 1111 1111';
const MODEL = 'amazon.nova-lite-v1:0';

function curl({ endpoint, principals }: Demo): string {
  return `curl -i ${endpoint}/openai/v1/chat/completions \\
  -H "Authorization: Bearer ${principals.developer?.apiKey}" -H "Content-Type: application/json" \\
  -d '{"model":"${MODEL}","messages":[{"role":"user","content":"My card is ${CARD}"}]}'`;
}

function aws({ endpoint, region, principals }: Demo): string {
  return `AWS_ACCESS_KEY_ID=${principals.developer?.accessKeyId} AWS_SECRET_ACCESS_KEY=${principals.developer?.secretAccessKey} \\
AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${endpoint} AWS_REGION=${region} node --input-type=module -e '
  import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
  const { output } = await new BedrockRuntimeClient().send(new ConverseCommand({ modelId: "${MODEL}",
    messages: [{ role: "user", content: [{ text: "My card is ${CARD}" }] }] }));
  console.log(output.message.content[0].text);'`;
}

function openai({ endpoint, principals }: Demo): string {
  return `OPENAI_BASE_URL=${endpoint}/openai/v1 OPENAI_API_KEY=${principals.developer?.apiKey} node --input-type=module -e '
  import OpenAI from "openai";
  const stream = await new OpenAI().chat.completions.create({ model: "${MODEL}", stream: true,
    messages: [{ role: "user", content: "My card is ${CARD}" }] });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
  console.log();'`;
}
