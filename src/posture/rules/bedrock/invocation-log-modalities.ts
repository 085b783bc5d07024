import { fail, type Rule, toOutcomes, unassessed } from '../../rule.ts';
import { toBoolean, UNKNOWN } from '../../values.ts';
import { loggingConfigurationOf } from './logging-configuration.ts';

const MODALITIES = ['text', 'image', 'embedding', 'video', 'audio'].map((name) => `${name}DataDeliveryEnabled`);

export const invocationLogModalities: Rule = {
  id: 'bedrock-invocation-log-modalities',
  title: "Bedrock's invocation log has every modality",
  severity: 'medium',
  standards: ['GENSEC03-BP01', 'GENOPS02-BP01'],
  rationale: 'A modality that is left out is called without a trace, though the log is switched on.',
  remediation: 'Say `true` of text, image, embedding, video and audio, with an SDK that knows all five.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: ({ template }) =>
    template.resources.flatMap((resource) => {
      const found = loggingConfigurationOf(resource);
      if (found === undefined) return [];
      if (found === 'unread') return toOutcomes(resource, [unassessed('', 'the configuration is computed')]);
      const problems = MODALITIES.flatMap((name) => {
        const value = toBoolean(found.fields[name]);
        if (value === UNKNOWN) return [unassessed(`${found.path}.${name}`, 'it is only known at deployment')];
        return value === true ? [] : [fail(`${found.path}.${name}`, 'this modality is not logged')];
      });
      return toOutcomes(resource, problems);
    }),
};
