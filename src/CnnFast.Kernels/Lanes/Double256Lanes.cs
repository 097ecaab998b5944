using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>Vectors of four doubles.</summary>
internal readonly unsafe struct Double256Lanes : IDoubleLanes<Vector256<double>, Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Lower(Vector256<float> value) => Vector256.WidenLower(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Upper(Vector256<float> value) => Vector256.WidenUpper(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Narrow(Vector256<double> lower, Vector256<double> upper) => Vector256.Narrow(lower, upper);

    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    public static void Store(double* destination, Vector256<double> value) => value.Store(destination);

    public static Vector256<double> Create(double value) => Vector256.Create(value);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;
}
