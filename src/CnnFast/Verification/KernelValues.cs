using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Verification;

/// <summary>What the kernels compute of some values of a graph in inference.</summary>
internal sealed class KernelValues
{
    private readonly int _batch;
    private readonly Dictionary<int, float[]> _values = [];

    /// <summary>Runs the kernels.</summary>
    public KernelValues(Graph graph, IReadOnlyList<ValueInfo> wanted, int batch, VerificationOptions options,
        ReadOnlyMemory<float>[] inputs, CancellationToken stop)
    {
        _batch = batch;
        ValueInfo[] outputs = [.. wanted.DistinctBy(value => value.Id)];
        var plan = new ExecutionPlan(graph with { Outputs = outputs },
            new PlanOptions(batch, WorkScheduler.CreateForInference(options.MaxThreads), options.ConvAlgorithm));
        Memory<float>[] results = [.. outputs.Select(output => (_values[output.Id] = new float[output.FloatsFor(batch)]).AsMemory())];
        plan.Run(new ValueMemory(batch, inputs, results), new RunMemory(plan), stop);
        for (int i = 0; i < inputs.Length; i++)
            _values.TryAdd(graph.Inputs[i].Id, inputs[i].ToArray());
    }

    /// <summary>Whether a value was computed.</summary>
    public bool Has(ValueInfo value) => _values.ContainsKey(value.Id);

    /// <summary>The floats of a value.</summary>
    public float[] Floats(ValueInfo value) => _values[value.Id];

    /// <summary>The elements of a value, of whatever type.</summary>
    public double[] Doubles(ValueInfo value) => Doubles(value, _values[value.Id], _batch);

    /// <summary>The elements of a value that lie in memory.</summary>
    public static double[] Doubles(ValueInfo value, ReadOnlySpan<float> memory, int batch)
    {
        var doubles = new double[value.ShapeFor(batch).ElementCount];
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(memory);
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = value.Type switch
            {
                ElementType.Float32 => memory[i],
                ElementType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
                ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
                _ => bytes[i],
            };
        }

        return doubles;
    }
}
