// The dashboard's style sheets are compiled by esbuild: a module's classes have names of their own.
declare module '*.module.css' {
  const classes: Record<string, string>;
  export default classes;
}

declare module '*.css';
