namespace CnnFast.Kernels.Tests;

/// <summary>The scalar twin of every tier with fused multiply-add: one lane of plain C#, one rounding in a·b + c.</summary>
internal readonly unsafe struct FusedScalarLanes : ILanes<float, int>
{
    public static int Count => 1;

    public static int Registers => 16;

    public static bool IsFused => true;

    public static int Indices => 0;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Load(float* source) => ScalarLanes.Load(source);

    public static float LoadPartial(float* source, nint count) => ScalarLanes.LoadPartial(source, count);

    public static void StoreStreaming(float* destination, float value) => *destination = value;

    public static void Store(float* destination, float value) => ScalarLanes.Store(destination, value);

    public static void StorePartial(float* destination, float value, nint count) => ScalarLanes.StorePartial(destination, value, count);

    public static float Create(float value) => value;

    public static float First(float value) => value;

    public static float Add(float a, float b) => ScalarLanes.Add(a, b);

    public static float Subtract(float a, float b) => ScalarLanes.Subtract(a, b);

    public static float Multiply(float a, float b) => ScalarLanes.Multiply(a, b);

    public static float Divide(float a, float b) => ScalarLanes.Divide(a, b);

    public static float Sqrt(float a) => ScalarLanes.Sqrt(a);

    public static float SelectGreater(float a, float b, float x, float y) => ScalarLanes.SelectGreater(a, b, x, y);

    public static float Max(float accumulator, float x) => ScalarLanes.Max(accumulator, x);

    public static float Min(float accumulator, float x) => ScalarLanes.Min(accumulator, x);

    public static float MaxOrNaN(float accumulator, float x) => ScalarLanes.MaxOrNaN(accumulator, x);

    public static float SelectEqualOrNaN(float value, float reference, float x, float y) =>
        ScalarLanes.SelectEqualOrNaN(value, reference, x, y);

    public static bool IsOrdered(float value) => ScalarLanes.IsOrdered(value);

    public static float TreeSum(float value) => value;

    public static float TreeMax(float value) => value;

    public static int CreateInt(int value) => value;

    public static int AddInt(int a, int b) => ScalarLanes.AddInt(a, b);

    public static int SubtractInt(int a, int b) => ScalarLanes.SubtractInt(a, b);

    public static int MultiplyInt(int a, int b) => ScalarLanes.MultiplyInt(a, b);

    public static int And(int a, int b) => ScalarLanes.And(a, b);

    public static int Xor(int a, int b) => ScalarLanes.Xor(a, b);

    public static int ShiftLeft(int a, int bits) => ScalarLanes.ShiftLeft(a, bits);

    public static int ShiftRightLogical(int a, int bits) => ScalarLanes.ShiftRightLogical(a, bits);

    public static int ShiftRightArithmetic(int a, int bits) => ScalarLanes.ShiftRightArithmetic(a, bits);

    public static float SelectGreaterInt(int a, int b, float x, float y) => ScalarLanes.SelectGreaterInt(a, b, x, y);

    public static int BitsOf(float value) => ScalarLanes.BitsOf(value);

    public static float FromBits(int bits) => ScalarLanes.FromBits(bits);

    public static float ToFloat(int value) => ScalarLanes.ToFloat(value);
}
