namespace CnnFast.Kernels;

/// <summary>Four columns.</summary>
internal readonly struct Columns4 : IColumnCount
{
    public static int Value => 4;
}

/// <summary>Five columns.</summary>
internal readonly struct Columns5 : IColumnCount
{
    public static int Value => 5;
}

/// <summary>Six columns.</summary>
internal readonly struct Columns6 : IColumnCount
{
    public static int Value => 6;
}

/// <summary>Seven columns.</summary>
internal readonly struct Columns7 : IColumnCount
{
    public static int Value => 7;
}

/// <summary>Eight columns.</summary>
internal readonly struct Columns8 : IColumnCount
{
    public static int Value => 8;
}
