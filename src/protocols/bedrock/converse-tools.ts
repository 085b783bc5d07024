import { type Conversation, GatewayError, type PartIndex, type Tool, type ToolChoice } from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import { toCachePoint } from './converse-content.ts';
import type { WireToolConfig } from './converse-schema.ts';

type ReadTools = Pick<Conversation, 'tools' | 'providerTools' | 'toolChoice'>;

/** Reads what a request says of tools. Throws `unsupported` for a cache point that stands behind no tool. */
export function toTools(reader: Reader, config: WireToolConfig | undefined): ReadTools {
  const tools: Tool[] = [];
  const providerTools: PartIndex[] = [];
  for (const [index, { toolSpec, systemTool, cachePoint }] of (config?.tools ?? []).entries()) {
    const path = `/toolConfig/tools/${index}`;
    if (toolSpec !== undefined) tools.push(toTool(reader, toolSpec, `${path}/toolSpec`));
    else if (systemTool !== undefined) providerTools.push(toName(reader, systemTool.name, `${path}/systemTool/name`));
    else markLast(tools, toCachePoint(cachePoint));
  }
  const toolChoice = config?.toolChoice;
  return {
    tools,
    ...(providerTools.length === 0 ? {} : { providerTools }),
    ...(toolChoice === undefined ? {} : { toolChoice: toToolChoice(reader, toolChoice) }),
  };
}

function markLast(tools: Tool[], cachePoint: NonNullable<Tool['cachePoint']>): void {
  const last = tools.pop();
  if (last === undefined || last.cachePoint !== undefined) {
    throw new GatewayError('unsupported', { detail: 'a cache point in `toolConfig.tools` that follows no `toolSpec`' });
  }
  tools.push({ ...last, cachePoint });
}

type WireToolSpec = NonNullable<WireToolConfig['tools'][number]['toolSpec']>;

function toTool(reader: Reader, { name, description, inputSchema, strict }: WireToolSpec, path: string): Tool {
  const { document, parts } = reader;
  const origin = 'toolDefinition';
  const schema = document.rawOf(inputSchema.json);
  return {
    name: toName(reader, name, `${path}/name`),
    ...(description === undefined
      ? {}
      : { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }),
    schema: parts.add({ kind: 'json', origin, path: `${path}/inputSchema/json`, text: schema }),
    ...(strict === undefined ? {} : { strict }),
  };
}

function toName({ parts }: Reader, text: string, path: string): PartIndex {
  return parts.add({ kind: 'identifier', origin: 'toolDefinition', path, text });
}

function toToolChoice({ parts }: Reader, { auto, tool }: NonNullable<WireToolConfig['toolChoice']>): ToolChoice {
  if (tool === undefined) return { kind: auto === undefined ? 'any' : 'auto' };
  const path = '/toolConfig/toolChoice/tool/name';
  return { kind: 'tool', name: parts.add({ kind: 'identifier', origin: 'parameter', path, text: tool.name }) };
}
