using CnnFast.Onnx.Conformance.Vectors;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Fuzz;

/// <summary>A sound model that mutants are made of, with inputs for it.</summary>
internal sealed record FuzzOriginal(string Name, byte[] Bytes, ModelProto Model, IReadOnlyDictionary<string, OnnxTensor> Inputs)
{
    /// <summary>
    /// The vectors that pass, as they are and with all inputs but the first as initialisers, so that shapes and axes are constants.
    /// </summary>
    public static IReadOnlyList<FuzzOriginal> All()
    {
        SortedDictionary<string, string?> list = VectorList.Read();
        var originals = new List<FuzzOriginal>();
        foreach (Vector vector in VectorArchive.All.Where(vector => list[vector.Name] is null))
        {
            IReadOnlyDictionary<string, OnnxTensor> inputs = vector.Inputs(vector.DataSets()[0])!;
            originals.Add(new FuzzOriginal(vector.Name, vector.Files["model.onnx"], vector.Model(), inputs));
            if (inputs.Count > 1)
            {
                (byte[] bytes, Dictionary<string, OnnxTensor> remaining) = VectorRun.WithInitializers(vector.Model(), inputs);
                originals.Add(new FuzzOriginal($"{vector.Name} with constants", bytes, ModelProto.Parser.ParseFrom(bytes), remaining));
            }
        }

        return originals;
    }

    /// <summary>A mutant by its number; the same number gives the same one.</summary>
    public byte[] Mutant(int number) =>
        number % 2 == 0 ? new Tests.Reading.ModelMutator(number).Mutate(Bytes) : new NumberMutator(number).Mutate(Model);
}
