let kubernetes =
      https://raw.githubusercontent.com/dhall-lang/dhall-kubernetes/master/package.dhall

let version = "1.25.5"

{- Was image = Some "httpd:2.4"
   before we moved.
-}
let deployment =
      kubernetes.Deployment::{
      , metadata = kubernetes.ObjectMeta::{
        , name = Some "web"
        , labels = Some (toMap { image = "label" })
        }
      , spec = Some kubernetes.DeploymentSpec::{
        , replicas = Some +2
        , template = kubernetes.PodTemplateSpec::{
          , spec = Some kubernetes.PodSpec::{
            , containers =
              [ kubernetes.Container::{
                , name = "web"
                , image = Some "nginx:${version}-alpine" -- pinned
                , imagePullPolicy = Some "IfNotPresent"
                , ports = Some [ kubernetes.ContainerPort::{ containerPort = +80 } ]
                }
              , kubernetes.Container::{
                , name = "exporter"
                , image = Some ("nginx/nginx-prometheus-exporter:" ++ "1.1.0")
                }
              ]
            }
          }
        }
      }

in  deployment
