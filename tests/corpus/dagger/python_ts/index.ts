import { dag, Container, Directory, object, func } from "@dagger.io/dagger"

const NODE_IMAGE = "node:20.13-alpine3.19"
const names = Array.from("redis:7")
const bytes = Buffer.from('deadbeef:1', "utf-8")

@object()
class Web {
  @func()
  build(source: Directory): Container {
    const base = dag.container().from(NODE_IMAGE)
    return base
      .withDirectory("/src", source)
      .withExec(["npm", "ci"])
  }

  @func()
  async test(source: Directory): Promise<string> {
    const browsers = `mcr.microsoft.com/playwright:v1.44.0-jammy`
    const ctr = dag
      .container({ platform: "linux/amd64" as never })
      .from(browsers)
      .withServiceBinding("cache", dag.container().from('memcached:1.6-alpine').asService())
    const words = Object.fromEntries(names.map((name) => [name, String(bytes)]))
    return ctr.withNewFile("/words", JSON.stringify(words)).stdout()
  }

  @func()
  async publish(source: Directory, registry: string): Promise<string> {
    return this.build(source).publish(`${registry}/web:latest`)
  }
}
