<?php

use Dagger\Attribute\DaggerFunction;
use Dagger\Attribute\DaggerObject;

#[DaggerObject]
class Checks
{
    #[DaggerFunction]
    public function lint(): string
    {
        return dag()
            ->container()
            ->from('php:8.3-cli-alpine')
            ->withExec(['php', '-l', 'index.php'])
            ->stdout();
    }
}
