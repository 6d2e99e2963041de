using './main.bicep'

param apiTag = '2.1.0'
param registryName = 'acmeregistry'
