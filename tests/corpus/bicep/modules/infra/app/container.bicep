param name string
param containerImage string
param exists bool = false

var placeholder = 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest'

resource group 'Microsoft.ContainerInstance/containerGroups@2023-05-01' = {
  name: name
  properties: {
    osType: 'Linux'
    containers: [
      {
        name: name
        properties: {
          image: exists ? containerImage : placeholder
          resources: { requests: { cpu: 1, memoryInGB: 1 } }
        }
      }
      {
        name: 'proxy'
        properties: {
          image: !empty(containerImage) ? format('{0}:{1}', 'caddy', '2-alpine') : 'nginx:1.27'
          ports: [ { port: 443 } ]
        }
      }
    ]
  }
}
