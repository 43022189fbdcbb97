/** Style sheets are imported only for esbuild, which gathers them into one file beside the script. */
declare module "*.css";
