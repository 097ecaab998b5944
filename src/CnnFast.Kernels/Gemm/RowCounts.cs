using System.Runtime.InteropServices;

namespace CnnFast.Kernels;

/// <summary>1 row.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct Rows1 : IRowCount;

/// <summary>2 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Rows2 : IRowCount;

/// <summary>3 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Rows3 : IRowCount;

/// <summary>4 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Rows4 : IRowCount;

/// <summary>5 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Rows5 : IRowCount;

/// <summary>6 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Rows6 : IRowCount;

/// <summary>7 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct Rows7 : IRowCount;

/// <summary>8 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Rows8 : IRowCount;

/// <summary>9 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct Rows9 : IRowCount;

/// <summary>10 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct Rows10 : IRowCount;

/// <summary>11 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct Rows11 : IRowCount;

/// <summary>12 rows.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct Rows12 : IRowCount;
