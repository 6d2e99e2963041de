let Image = { Type = { image : Text, pull : Bool }, default.pull = True }

let registry = "registry.shop.org"

in  { cache = Image::{ image = "memcached:1.6.26" }
    , web = Image::{ image = "${registry}/web:v12" }
    , own = \(tag : Text) -> Image::{ image = "${registry}/own:${tag}" }
    , `type` = "image = \"evil:1\""
    , help =
        ''
        image = "evil:2"
        ''
    , toolsImage = "bitnami/kubectl:1.29.4"
    , logoImage = "logo.png"
    }
