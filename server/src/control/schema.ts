/** What a JSON Schema of ours says in types: objects, arrays, texts and truth values, as far as bodies here need them. */
export type FromSchema<S> = S extends { readonly type: 'string' }
  ? string
  : S extends { readonly type: 'boolean' }
    ? boolean
    : S extends { readonly type: 'array'; readonly items: infer I }
      ? readonly FromSchema<I>[]
      : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
        ? { readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]> } & {
            readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>
          }
        : unknown
