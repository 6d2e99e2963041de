param tag string = '1.25'

var stack = 'DOCKER|nginx:${tag}'

resource site 'Microsoft.Web/sites@2023-12-01' = {
  name: 'site'
  properties: {
    siteConfig: {
      linuxFxVersion: stack
      appSettings: []
    }
  }
}

resource node 'Microsoft.Web/sites@2023-12-01' = {
  name: 'node'
  properties: {
    siteConfig: {
      linuxFxVersion: 'NODE|22-lts'
    }
  }
}

resource machine 'Microsoft.Compute/virtualMachines@2024-03-01' = {
  name: 'machine'
  properties: {
    storageProfile: {
      imageReference: {
        publisher: 'Canonical'
        offer: 'ubuntu-24_04-lts'
      }
    }
  }
}
