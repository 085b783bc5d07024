import { awsAccessKey } from './aws-access-key.ts';
import { detectorSuite } from './detector.suite.ts';

const ID = ['AKIA', 'QYLPMN5HFIQR7XYA'].join('');

detectorSuite(awsAccessKey, {
  finds: [
    `⟦${ID}⟧`,
    `key=⟦${ID}⟧;`,
    `⟦ASIA${ID.slice(4)}⟧`,
    `x⟦${ID}⟧4111`,
    `⟦${['AKIA', 'IOSFODNNXEXAMPLE'].join('')}⟧`,
    `⟦AKIA\u200b${ID.slice(4)}⟧`,
  ],
  passes: [
    'AKIAQYLPMN5HFIQR7XY',
    'akiaqylpmn5hfiqr7xya',
    'AKIAXXXXXXXXXXXXXXXX',
    'TODAYINASIAASACKOFRICEFELLO',
    'GATGACCAGGGGGCGCATGTTACAGGAT',
    'AROAQYLPMN5HFIQR7XYA',
    'AKIA1890QYLPMN5HFIQR',
  ],
  hostile: ['A', 'AKIA', 'AKIAQYLPMN5HFIQR', 'ACCAGG'],
});
