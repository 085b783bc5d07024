import type {
  Block,
  CachePoint,
  Conversation,
  DocumentBlock,
  MediaBlock,
  Part,
  PartIndex,
  ReferenceBlock,
  TextBlock,
  ToolResultBlock,
} from '../../core/index.ts';

/** The texts of a conversation's parts, as what a printer puts in their place. */
interface Printer {
  text(index: PartIndex): string;
  json(index: PartIndex): unknown;
}

/**
 * Prints a conversation as the body of Converse that it was read from: what comes out equal to what went in was read
 * whole. Text documents come out as text, whichever way they came in.
 */
export function printConverse(request: Conversation, parts: readonly Part[]): unknown {
  const text = (index: PartIndex) => parts[index]?.text ?? '';
  const printer: Printer = { text, json: (index) => JSON.parse(text(index)) };
  const { system, messages, metadata, additionalFields } = request;
  return defined({
    messages: messages.map(({ role, content }) => ({ role, content: content.map((block) => toWire(printer, block)) })),
    system: system.length === 0 ? undefined : system.map((block) => toWire(printer, block)),
    inferenceConfig: toInferenceConfig(printer, request),
    toolConfig: toToolConfig(printer, request),
    outputConfig: toOutputConfig(printer, request),
    additionalModelRequestFields: additionalFields === undefined ? undefined : printer.json(additionalFields),
    requestMetadata:
      metadata.length === 0
        ? undefined
        : Object.fromEntries(metadata.map(({ key, value }) => [text(key), text(value)])),
  });
}

/** The object without members that are undefined. */
function defined(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function toWire(printer: Printer, block: Block): unknown {
  switch (block.kind) {
    case 'text':
      return block.citations === undefined ? { text: printer.text(block.text) } : toCited(printer, block);
    case 'cachePoint':
      return { cachePoint: toCachePoint(block) };
    case 'toolUse': {
      const { id, name, arguments: input } = block;
      return { toolUse: { toolUseId: printer.text(id), name: printer.text(name), input: printer.json(input) } };
    }
    case 'toolResult':
      return { toolResult: toToolResult(printer, block) };
    case 'reasoning': {
      const token = block.proof?.kind === 'sealed' ? block.proof.token : undefined;
      if (block.text === undefined) {
        return { reasoningContent: { redactedContent: Buffer.from(token ?? '').toString('base64') } };
      }
      return { reasoningContent: { reasoningText: defined({ text: printer.text(block.text), signature: token }) } };
    }
    default:
      return toFile(printer, block);
  }
}

const ranges = { characters: 'documentChar', pages: 'documentPage', chunks: 'documentChunk' } as const;

function toCited({ text }: Printer, block: TextBlock): unknown {
  const citations = (block.citations ?? []).map(({ title, source, quotes, location }) =>
    defined({
      title: title === undefined ? undefined : text(title),
      source: source === undefined ? undefined : text(source),
      sourceContent: quotes.length === 0 ? undefined : quotes.map((quote) => ({ text: text(quote) })),
      location:
        location === undefined
          ? undefined
          : { [ranges[location.kind]]: { documentIndex: location.document, start: location.start, end: location.end } },
    }),
  );
  return { citationsContent: { content: [{ text: text(block.text) }], citations } };
}

function toToolResult(printer: Printer, { id, content, failed }: ToolResultBlock): unknown {
  const items = content.map((item) => (typeof item === 'object' ? toFile(printer, item) : toResult(printer, item)));
  return { toolUseId: printer.text(id), content: items, status: failed ? 'error' : 'success' };
}

/** A text, or JSON where it is an object: the suite's bodies have no other. */
function toResult(printer: Printer, index: PartIndex): unknown {
  const text = printer.text(index);
  return text.startsWith('{') ? { json: JSON.parse(text) } : { text };
}

function toFile(printer: Printer, file: DocumentBlock | MediaBlock | ReferenceBlock): unknown {
  if (file.kind === 'media') {
    const source = { bytes: Buffer.from(file.bytes).toString('base64') };
    return { [file.modality]: { format: file.format, source } };
  }
  const name = file.name === undefined ? undefined : printer.text(file.name);
  if (file.kind === 'reference') {
    if (file.source.kind !== 's3Location') throw new Error('Converse has no such reference');
    const { uri, bucketOwner } = file.source;
    const owner = bucketOwner === undefined ? undefined : printer.text(bucketOwner);
    const source = { s3Location: defined({ uri: printer.text(uri), bucketOwner: owner }) };
    return { [file.modality]: defined({ format: file.format, name, source }) };
  }
  const context = file.context === undefined ? undefined : printer.text(file.context);
  const citations = file.citations ? { enabled: true } : undefined;
  return { document: defined({ format: file.format, name, source: toSource(printer, file), context, citations }) };
}

function toSource(printer: Printer, { bytes, text }: DocumentBlock): unknown {
  if (bytes !== undefined) return { bytes: Buffer.from(bytes).toString('base64') };
  const [first, ...more] = text.map((index) => ({ text: printer.text(index) }));
  return more.length === 0 ? first : { content: [first, ...more] };
}

function toCachePoint({ ttl }: CachePoint): object {
  return defined({ type: 'default', ttl });
}

function toInferenceConfig({ text }: Printer, { inference }: Conversation): unknown {
  const { maxTokens, temperature, topP, stopSequences } = inference;
  const config = defined({ maxTokens, temperature, topP, stopSequences: stopSequences?.map(text) });
  return Object.keys(config).length === 0 ? undefined : config;
}

function toToolConfig(printer: Printer, { tools, providerTools = [], toolChoice }: Conversation): unknown {
  if (tools.length + providerTools.length === 0) return undefined;
  const { text, json } = printer;
  const specs = tools.flatMap(({ name, description, schema, strict, cachePoint }) => {
    const described = description === undefined ? undefined : text(description);
    const toolSpec = { name: text(name), description: described, inputSchema: { json: json(schema) }, strict };
    return [
      { toolSpec: defined(toolSpec) },
      ...(cachePoint === undefined ? [] : [{ cachePoint: toCachePoint(cachePoint) }]),
    ];
  });
  const choice =
    toolChoice === undefined
      ? undefined
      : { [toolChoice.kind]: toolChoice.kind === 'tool' ? { name: text(toolChoice.name) } : {} };
  return defined({
    tools: [...specs, ...providerTools.map((name) => ({ systemTool: { name: text(name) } }))],
    toolChoice: choice,
  });
}

function toOutputConfig({ text }: Printer, { inference: { reasoning, outputFormat } }: Conversation): unknown {
  const effort = reasoning?.effort;
  if (outputFormat?.kind !== 'jsonSchema') return effort === undefined ? undefined : { effort };
  const { name, description, schema } = outputFormat;
  const jsonSchema = defined({
    schema: text(schema),
    name: name === undefined ? undefined : text(name),
    description: description === undefined ? undefined : text(description),
  });
  return defined({ textFormat: { type: 'json_schema', structure: { jsonSchema } }, effort });
}
