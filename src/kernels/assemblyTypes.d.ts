/** AssemblyScript's number types, for the files in `assembly` that the host also reads. */

declare type i32 = number;
declare type usize = number;
declare type f32 = number;
