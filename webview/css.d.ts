/** Style sheets are imported for esbuild's sake: it gathers them into one file beside the script. */
declare module "*.css";
