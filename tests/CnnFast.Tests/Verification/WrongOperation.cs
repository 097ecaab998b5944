using CnnFast.Graphs;

namespace CnnFast.Tests.Verification;

/// <summary>A copy that is no view, with one element off by a tenth.</summary>
internal sealed record WrongOperation(WrongGradient Fault) : ViewedOperation(Fault);
