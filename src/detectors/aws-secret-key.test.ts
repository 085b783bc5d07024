import { awsSecretKey } from './aws-secret-key.ts';
import { detectorSuite } from './detector.suite.ts';

const ID = ['AKIA', 'QYLPMN5HFIQR7XYA'].join('');
const SECRET = ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYzzzPLEKE2Q'].join('');

detectorSuite(awsSecretKey, {
  finds: [
    `aws_secret_access_key = ⟦${SECRET}⟧`,
    `"SecretAccessKey": "⟦${SECRET}⟧",`,
    `AWS_SECRET=⟦${SECRET}⟧`,
    `my AWS secret is ⟦${SECRET}⟧.`,
    `${ID}\n⟦${SECRET}⟧`,
    `${ID},${' '.repeat(79)}⟦${SECRET}⟧`,
    `AKIA${ID} ⟦${SECRET}⟧`,
    `secret: ⟦${SECRET.slice(0, 9)}\u00ad${SECRET.slice(9)}⟧`,
  ],
  passes: [
    SECRET,
    `aws_secret_access_key = ${SECRET}A`,
    `aws_secret_access_key = ${SECRET.slice(1)}`,
    `aws_secret_access_key = ${'a'.repeat(40)}`,
    `aws_secret_access_key = ${'aA1'.repeat(13)}a`,
    'secret: 356a192b7913b04c54574d18c28d46e6395428ab',
    `the secret ${SECRET}`,
    `${ID},${' '.repeat(80)}${SECRET}`,
    `${ID}A ${SECRET}`,
  ],
  hostile: [`secret ${ID}${'a'.repeat(40)} `, 'aws ', 'secret', 'secret = ', 'aws secret is a', `${ID} `, 'aB3/'],
});
