namespace CnnFast.Kernels;

/// <summary>One.</summary>
internal readonly struct Size1 : ITileSize
{
    public static int Value => 1;
}

/// <summary>Two.</summary>
internal readonly struct Size2 : ITileSize
{
    public static int Value => 2;
}

/// <summary>Three.</summary>
internal readonly struct Size3 : ITileSize
{
    public static int Value => 3;
}

/// <summary>Four.</summary>
internal readonly struct Size4 : ITileSize
{
    public static int Value => 4;
}

/// <summary>Five.</summary>
internal readonly struct Size5 : ITileSize
{
    public static int Value => 5;
}

/// <summary>Six.</summary>
internal readonly struct Size6 : ITileSize
{
    public static int Value => 6;
}

/// <summary>Seven.</summary>
internal readonly struct Size7 : ITileSize
{
    public static int Value => 7;
}

/// <summary>Eight.</summary>
internal readonly struct Size8 : ITileSize
{
    public static int Value => 8;
}
