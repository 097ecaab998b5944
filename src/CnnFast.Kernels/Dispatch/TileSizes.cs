using System.Runtime.InteropServices;

namespace CnnFast.Kernels;

/// <summary>1.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct Size1 : ITileSize;

/// <summary>2.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Size2 : ITileSize;

/// <summary>3.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Size3 : ITileSize;

/// <summary>4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Size4 : ITileSize;

/// <summary>5.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Size5 : ITileSize;

/// <summary>6.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Size6 : ITileSize;

/// <summary>7.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct Size7 : ITileSize;

/// <summary>8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Size8 : ITileSize;

/// <summary>9.</summary>
[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct Size9 : ITileSize;

/// <summary>10.</summary>
[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct Size10 : ITileSize;

/// <summary>11.</summary>
[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct Size11 : ITileSize;

/// <summary>12.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct Size12 : ITileSize;
