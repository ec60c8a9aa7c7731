/**
 * What a JSON Schema of ours says in types, as far as queries and bodies here need it. Where it says less, the value is unknown and its
 * operation looks at it.
 */
export type FromSchema<S> = S extends { readonly enum: readonly (infer V)[] }
  ? V
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'boolean' }
      ? boolean
      : S extends { readonly type: 'integer' | 'number' }
        ? number
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly FromSchema<I>[]
          : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
            ? { readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]> } & {
                readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>
              }
            : S extends { readonly type: 'object' }
              ? Readonly<Record<string, unknown>>
              : unknown
