import { describe, expect, it } from 'vitest';
import { parseTemplate, TemplateError } from './template.ts';

const YAML = `Parameters:
  Name:
    Type: String
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub '\${AWS::StackName}-x'
      Key: !GetAtt Key.Nested.Arn
      Joined: !Join ['-', [a, !Ref Name]]
      Either: !If [Production, { a: 1 }, !Ref AWS::NoValue]
      Mapped: !Transform { Name: AWS::Include }
`;

describe('a template', () => {
  it('is the same in YAML with short forms as in JSON with long ones', () => {
    const { resources, parameters } = parseTemplate(YAML, 'x.yaml');
    expect(resources).toEqual([
      {
        id: 'Bucket',
        type: 'AWS::S3::Bucket',
        line: 5,
        properties: {
          BucketName: { 'Fn::Sub': '${AWS::StackName}-x' },
          Key: { 'Fn::GetAtt': ['Key', 'Nested.Arn'] },
          Joined: { 'Fn::Join': ['-', ['a', { Ref: 'Name' }]] },
          Either: { 'Fn::If': ['Production', { a: 1 }, { Ref: 'AWS::NoValue' }] },
          Mapped: { 'Fn::Transform': { Name: 'AWS::Include' } },
        },
      },
    ]);
    expect([...parameters]).toEqual(['Name']);
  });

  it('knows where its resources begin in JSON', () => {
    const text = JSON.stringify({ Resources: { A: { Type: 'x' }, B: { Type: 'y' } } }, undefined, 2);
    expect(parseTemplate(text, 'x.json').resources.map(({ line }) => line)).toEqual([3, 6]);
  });

  it.each([
    ['not JSON', '{'],
    ['not YAML', 'a: [b'],
    ['a key twice', 'Resources: {}\nResources: {}'],
    ['a list', '[]'],
    ['no resources', '{"Parameters":{}}'],
    ['a resource without a type', '{"Resources":{"A":{}}}'],
    ['a resource that is a text', '{"Resources":{"A":"secret"}}'],
    ['an alias to nowhere', 'Resources: *x'],
  ])('that is %s is refused, and nothing of it said', (_what, text) => {
    const read = () => parseTemplate(text, 'x.yaml');
    expect(read).toThrow(TemplateError);
    expect(read).not.toThrow(/secret/);
  });
});
