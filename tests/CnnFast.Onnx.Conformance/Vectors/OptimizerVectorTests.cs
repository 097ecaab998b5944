using CnnFast.Onnx.Proto;
using CnnFast.Training;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>
/// The optimizers against ONNX's own vectors of ai.onnx.preview.training, which all are of step T = 0. There ONNX and PyTorch, whose
/// formulas are the library's, agree. Later they differ: ONNX's Adam adds epsilon to the root before its correction, and has no correction
/// at T = 0, which is a step far on here; its Momentum multiplies the gradient by beta from the second step on, which is
/// 1 − dampening here. Its Adagrad counts T from 0, the library steps from 1.
/// </summary>
public sealed class OptimizerVectorTests
{
    public static TheoryData<string> Names =>
    [
        "node/test_adagrad", "node/test_adagrad_multiple", "node/test_adam", "node/test_adam_multiple", "node/test_momentum",
        "node/test_momentum_multiple", "node/test_nesterov_momentum",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_step_of_the_vector_is_that_of_the_optimizer(string name)
    {
        Vector vector = VectorArchive.All.Single(candidate => candidate.Name == name);
        NodeProto node = Assert.Single(vector.Model().Graph.Node);
        IReadOnlyDictionary<string, OnnxTensor> inputs = vector.Inputs("test_data_set_0")!, outputs = vector.Outputs("test_data_set_0")!;
        float rate = inputs[node.Input[0]].Values<float>()[0];
        Assert.Equal(0, inputs[node.Input[1]].Values<long>()[0]);

        // What test_adam_multiple expects was computed with an epsilon of 0.01, which its node does not say.
        (Optimizer optimizer, long step) = Create(node, rate, name == "node/test_adam_multiple" ? 1e-2f : 1e-6f);
        int states = optimizer.StateNames.Count, parameters = (node.Input.Count - 2) / (2 + states);
        for (int p = 0; p < parameters; p++)
        {
            float[] weights = inputs[node.Input[2 + p]].Values<float>().ToArray();
            AlignedBuffer<float>[] tensors = [.. Enumerable.Range(0, states).Select(_ => new AlignedBuffer<float>(weights.Length))];
            for (int s = 0; s < states; s++)
                inputs[node.Input[2 + ((2 + s) * parameters) + p]].Values<float>().CopyTo(tensors[s].Span);
            optimizer.Update(
                weights,
                inputs[node.Input[2 + parameters + p]].Values<float>(),
                new OptimizerTensors(optimizer, [.. optimizer.StateNames], tensors, 0, weights.Length),
                new OptimizerStep { Step = step, LearningRate = rate, L2 = optimizer.L2.Lambda, DecayFactor = 1 });

            AssertNear(outputs[node.Output[p]], weights);
            for (int s = 0; s < states; s++)
                AssertNear(outputs[node.Output[((1 + s) * parameters) + p]], tensors[s].Span.ToArray());
        }
    }

    private static (Optimizer Optimizer, long Step) Create(NodeProto node, float rate, float epsilon)
    {
        var l2 = L2Penalty.Constant(Attribute("norm_coefficient", 0));
        return node.OpType switch
        {
            "Adam" => (new Adam(rate, Attribute("alpha", 0.9f), Attribute("beta", 0.999f), Attribute("epsilon", epsilon), l2),
                1_000_000_000),
            "Adagrad" => (new Adagrad(rate, epsilon: Attribute("epsilon", epsilon), l2: l2), 2),
            _ => (new Sgd(rate, Attribute("alpha", 0), l2,
                nesterov: node.Attribute.Single(attribute => attribute.Name == "mode").S.ToStringUtf8() == "nesterov"), 1),
        };

        float Attribute(string name, float otherwise) =>
            node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.F ?? otherwise;
    }

    private static void AssertNear(OnnxTensor expected, float[] actual)
    {
        ReadOnlySpan<float> values = expected.Values<float>();
        Assert.Equal(values.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(values[i], actual[i], 1e-6f * Math.Max(1, Math.Abs(values[i])));
    }
}
