@description('Where everything is')
param location string = resourceGroup().location

@description('The image of the shop')
param image string = 'docker.io/acme/shop:1.4.2'

@allowed(['development', 'production'])
param stage string = 'development'

var redis = 'redis:7-alpine' // not a managed cache: this one is thrown away

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' existing = {
  name: 'shop'
}

resource shop 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'shop'
  location: location
  properties: {
    managedEnvironmentId: environment.id
    template: {
      initContainers: [
        { name: 'wait', image: 'busybox:1.36' }
        {
          name: 'migrate'
          image: 'flyway/flyway:10'
        }
      ]
      containers: [
        {
          name: 'shop'
          image: image
          env: [
            { name: 'STAGE', value: stage }
          ]
        }
        {
          name: 'redis'
          image: redis
        }
      ]
    }
  }
}
