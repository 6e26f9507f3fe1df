// What puts the values of a record in the order of the schema. An unknown name is returned as it is.
;(names) => {
  const index = new Map(names.map((name, at) => [name, at]))
  return (record) => {
    const values = new Array(names.length).fill()
    for (const name of Object.keys(record)) {
      const at = index.get(name)
      if (at === undefined) return name
      values[at] = record[name]
    }
    return values
  }
}
