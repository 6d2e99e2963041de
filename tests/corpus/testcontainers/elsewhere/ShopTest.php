<?php

use Testcontainers\Container\GenericContainer;

final class ShopTest extends TestCase
{
    // new GenericContainer('acme/of-a-comment:1')
    public function testMail(): void
    {
        $mail = (new GenericContainer('axllent/mailpit:v1.20'))->withExposedPorts(1025)->start();
    }
}
