export {
  CustomResourceFunction,
  type CustomResourceFunctionProps,
  type FunctionNetwork,
  SERVICE_TIMEOUT,
} from './custom-resource-function.ts';
export { memoryStatement } from './memory-statement.ts';
