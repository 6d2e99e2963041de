param apiTag string = '2.0.0'
param registryName string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

module api './app/container.bicep' = {
  name: 'api'
  params: {
    name: 'api'
    containerImage: 'acme/api:${apiTag}'
    env: [
      { name: 'PORT', value: '80' }
    ]
  }
}

module web './app/container.bicep' = if (apiTag != '') {
  name: 'web'
  params: {
    name: 'web'
    containerImage: '${registry.properties.loginServer}/web:latest'
  }
}
